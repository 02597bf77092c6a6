"""Reads a report on standard input with a program that knows nothing of ours; prints what it understood as JSON."""

import csv
import html.parser
import io
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

SCHEMAS = pathlib.Path(__file__).parent.parent / "schemas"


def asff(text):
    """Security Hub's own model of BatchImportFindings: types and required members, then patterns and enumerations."""
    import botocore.session
    from botocore.validate import ParamValidator

    model = botocore.session.get_session().get_service_model("securityhub")
    finding = model.operation_model("BatchImportFindings").input_shape.members["Findings"].member
    errors = []

    def walk(value, shape, path):
        if shape.type_name == "structure":
            for name, member in value.items():
                if name not in shape.members:
                    errors.append(f"{path}.{name} is not known")
                else:
                    walk(member, shape.members[name], f"{path}.{name}")
        elif shape.type_name == "list":
            for member in value:
                walk(member, shape.member, f"{path}[]")
        elif shape.type_name == "map":
            for name, member in value.items():
                walk(name, shape.key, f"{path} key")
                walk(member, shape.value, f"{path}.{name}")
        elif shape.type_name == "string":
            if "pattern" in shape.metadata and not re.search(shape.metadata["pattern"], value):
                errors.append(f"{path} {value!r} is not {shape.metadata['pattern']}")
            if shape.enum and value not in shape.enum:
                errors.append(f"{path} {value!r} is not one of {shape.enum}")

    findings = json.loads(text)
    for one in findings:
        report = ParamValidator().validate(one, finding)
        if report.has_errors():
            errors.append(report.generate_report())
        else:
            walk(one, finding, "Finding")
    types = finding.members["Resources"].member.members["Details"].members
    return {"count": len(findings), "errors": errors, "types": sorted(types)}


def csv_rows(text):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def junit(text):
    """Jenkins' schema, then what any XML parser reads."""
    import xmlschema

    errors = [str(error) for error in xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd").iter_errors(text)]
    root = ElementTree.fromstring(text.encode())
    suites = [
        {
            **suite.attrib,
            "cases": [
                {
                    **case.attrib,
                    "outcome": next((child.tag for child in case), "passed"),
                    "type": next((child.get("type") for child in case), None),
                    "message": next((child.get("message") for child in case), None),
                    "body": next((child.text for child in case), None),
                }
                for case in suite.iter("testcase")
            ],
            "properties": {one.get("name"): one.get("value") for one in suite.iter("property")},
            "notices": suite.findtext("system-err"),
        }
        for suite in root.iter("testsuite")
    ]
    return {"errors": errors, **root.attrib, "suites": suites}


class Page(html.parser.HTMLParser):
    """Elements of a page with their attributes, and the cells of its tables as text."""

    def __init__(self):
        super().__init__()
        self.elements, self.rows, self.summaries, self.open = [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.elements.append([tag, dict(attributes)])
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag == "td" and self.rows:
            self.rows[-1].append("")
        elif tag == "summary":
            self.summaries.append("")

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if "td" in self.open:
            self.rows[-1][-1] += data
        elif "summary" in self.open:
            self.summaries[-1] += data


def markdown(text):
    """GitHub's fork of cmark, before anything is taken out for safety."""
    import cmarkgfm
    from cmarkgfm.cmark import Options

    rendered = cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
    page = Page()
    page.feed(rendered)
    rows = [row for row in page.rows if row]
    return {"elements": page.elements, "rows": rows, "summaries": page.summaries, "html": rendered}


def ocsf(text):
    """OCSF's own schema with the cloud profile, then the models of py-ocsf-models: what they understood of each event."""
    import jsonschema
    from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
    from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
    from py_ocsf_models.objects.cloud import Cloud

    class Event(ComplianceFinding):
        cloud: Cloud

    events = json.loads(text)
    version = events[0]["metadata"]["version"]
    ocsf_schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=version))
    schema = ocsf_schema.get_class_schema("compliance_finding", profiles=["cloud"])
    validator = jsonschema.Draft202012Validator(schema)
    errors = [f"{error.json_path}: {error.message}" for event in events for error in validator.iter_errors(event)]
    understood = [json.loads(Event.model_validate(event).model_dump_json(exclude_none=True)) for event in events]
    return {"errors": errors, "events": understood}


READERS = {"asff": asff, "csv": csv_rows, "junit": junit, "markdown": markdown, "ocsf": ocsf}

if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8", newline="")
    print(json.dumps(READERS[sys.argv[1]](sys.stdin.read())))
