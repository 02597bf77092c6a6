/** The HTML report's style: light and dark by the reader's own setting, one column on a phone, plain on paper. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#16191f;--soft:#545b64;--line:#d5dbdb;--track:#e4e8ec;
--link:#0652b8;--good:#1d7d3f;--fair:#a35a00;--bad:#c5221f;--code:#f1f3f5;--warn:#fff4e0;
--critical:#a3130f;--high:#c0392b;--medium:#8a5a00;--low:#0b6285;--info:#545b64;--on:#fff}
@media (prefers-color-scheme:dark){:root{--bg:#0f141a;--card:#182029;--ink:#e9edf1;--soft:#a9b4bf;--line:#33404d;--track:#2b3641;
--link:#7cb8ff;--good:#57c785;--fair:#f0b054;--bad:#ff7b72;--code:#111820;--warn:#33270f;
--critical:#ff8078;--high:#ff9d8a;--medium:#f0b85c;--low:#74c7ec;--info:#a9b4bf;--on:#10151b}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,main,footer{max-width:1120px;margin:0 auto;padding:0 16px}
header{padding-top:24px}
h1{font-size:24px;margin:0}h2{font-size:18px;margin:32px 0 12px}h3{font-size:13px;margin:14px 0 4px;color:var(--soft)}
p{margin:4px 0}.soft{color:var(--soft)}a{color:var(--link)}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:16px}
.warn{background:var(--warn);border:1px solid var(--fair);border-radius:8px;padding:10px 16px;margin-top:16px}
.score{display:grid;grid-template-columns:minmax(220px,1fr) 2fr;gap:16px}
.big{font-size:52px;font-weight:700;line-height:1.1}.big small{font-size:16px;font-weight:400;color:var(--soft)}
.good{color:var(--good)}.fair{color:var(--fair)}.bad{color:var(--bad)}.none{color:var(--soft)}
.pillars{list-style:none;margin:0;padding:0;display:grid;gap:10px}
.pillars li{display:grid;grid-template-columns:170px 1fr 72px;gap:4px 12px;align-items:center}
.pillars b{font-weight:600}.pillars .range{text-align:right;font-variant-numeric:tabular-nums;font-weight:600}
.pillars .counts{grid-column:2/4;font-size:13px;color:var(--soft)}
svg.bar{display:block;width:100%;height:12px}.bar .track{fill:var(--track)}.bar .sure{fill:currentColor}
.bar .perhaps{fill:currentColor;opacity:.35}
.chips{display:flex;flex-wrap:wrap;gap:8px;margin:16px 0 0;padding:0;list-style:none}
.chips button{cursor:pointer}
.chips button,.badge{font:inherit;border-radius:5px;border:1px solid currentColor;background:transparent;padding:4px 12px;color:var(--ink)}
.chips button[aria-pressed=true]{background:var(--ink);color:var(--bg)}
.chips b{font-variant-numeric:tabular-nums}
.badge{display:inline-block;font-size:12px;font-weight:700;line-height:1.6;padding:0 8px;letter-spacing:.02em;white-space:nowrap}
.critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}.info{color:var(--info)}
.badge.critical{background:var(--critical);color:var(--on);border-color:var(--critical)}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;vertical-align:top;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{color:var(--soft);font-weight:600;font-size:13px}td.key,th.key{width:32%}
.scroll{overflow-x:auto}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{overflow-wrap:anywhere}
pre{background:var(--code);border:1px solid var(--line);border-radius:6px;padding:8px 12px;margin:4px 0;white-space:pre-wrap;overflow-wrap:anywhere}
form{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:10px}
label{display:block;font-size:13px;color:var(--soft)}label.wide{grid-column:span 2}
input,select,.pages button,form button{font:inherit;width:100%;padding:6px 8px;border:1px solid var(--soft);border-radius:6px;background:var(--card);color:var(--ink)}
form button{align-self:end;cursor:pointer}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.bar-line{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:8px;margin:14px 0}
.pages{display:flex;gap:8px;align-items:center}.pages button{width:auto;cursor:pointer;padding:4px 12px}
.pages button:disabled{opacity:.5;cursor:default}
#list{list-style:none;margin:0;padding:0;display:grid;gap:8px}
#list details{background:var(--card);border:1px solid var(--line);border-radius:8px}
#list summary{cursor:pointer;padding:10px 14px;display:grid;grid-template-columns:92px 84px 1fr auto;gap:4px 10px;align-items:baseline}
#list summary::-webkit-details-marker{display:none}
#list summary:hover{background:var(--code);border-radius:8px}
.verdict{font-size:13px;font-weight:600}.title{font-weight:600;overflow-wrap:anywhere}.title span{display:block;font-weight:400}
.where{font-size:13px;color:var(--soft);text-align:right;overflow-wrap:anywhere}
.body{padding:0 14px 14px;border-top:1px solid var(--line);overflow-wrap:anywhere}
.body svg{max-width:100%;height:auto;color:var(--ink)}
footer{padding:24px 16px 40px;color:var(--soft);font-size:13px;overflow-wrap:anywhere}
@media (max-width:700px){.score{grid-template-columns:1fr}.pillars li{grid-template-columns:1fr auto}.pillars svg{grid-column:1/3;grid-row:2}
.pillars .counts{grid-column:1/3}#list summary{grid-template-columns:auto 1fr}.title,.where{grid-column:1/3;text-align:left}
.verdict{text-align:right}.gaps thead{display:none}.gaps tr{display:block;border-bottom:1px solid var(--line);padding:6px 0}.gaps td{display:block;border:0;padding:1px 0}}
@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb}form,.pages,.chips,noscript{display:none}body{font-size:11px}
#list details,.card{break-inside:avoid-page}}
`
