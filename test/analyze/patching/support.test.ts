import { describe, expect, it } from 'vitest'
import { supportOf } from '../../../src/analyze/patching/support.ts'
import { instance, node, said } from './build.ts'

describe('what a node runs', () => {
  /** As DescribeInstanceInformation answers name and version; Patch Manager's name; the release. */
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['Amazon Linux', '2023', 'AMAZON_LINUX_2023', 'Amazon Linux 2023'],
    ['Amazon Linux', '2', 'AMAZON_LINUX_2', 'Amazon Linux 2'],
    ['Amazon Linux', '2022', 'AMAZON_LINUX_2022', 'Amazon Linux 2022'],
    ['Amazon Linux AMI', '2018.03', 'AMAZON_LINUX', 'Amazon Linux AMI'],
    ['Microsoft Windows Server 2019 Datacenter', '10.0.17763', 'WINDOWS', 'Windows Server 2019'],
    ['Microsoft Windows Server 2012 R2 Standard', '6.3.9600', 'WINDOWS', 'Windows Server 2012 R2'],
    ['Microsoft Windows Server', '10.0.26100', 'WINDOWS', 'Windows Server'],
    ['Ubuntu', '22.04', 'UBUNTU', 'Ubuntu 22.04'],
    ['Ubuntu', '22.04.3', 'UBUNTU', 'Ubuntu 22.04'],
    ['Red Hat Enterprise Linux', '9.4', 'REDHAT_ENTERPRISE_LINUX', 'Red Hat Enterprise Linux 9'],
    ['Red Hat Enterprise Linux Server', '7.9', 'REDHAT_ENTERPRISE_LINUX', 'Red Hat Enterprise Linux 7'],
    ['SLES', '15.5', 'SUSE', 'SUSE Linux Enterprise Server 15.5'],
    ['SLES_SAP', '15.6', 'SUSE', 'SUSE Linux Enterprise Server 15.6'],
    ['CentOS Linux', '7', 'CENTOS', 'CentOS Linux 7'],
    ['CentOS Stream', '9', 'CENTOS', 'CentOS Stream 9'],
    ['Debian GNU/Linux', '12', 'DEBIAN', 'Debian 12'],
    ['Oracle Linux Server', '8.9', 'ORACLE_LINUX', 'Oracle Linux 8'],
    ['Rocky Linux', '9.3', 'ROCKY_LINUX', 'Rocky Linux 9'],
    ['AlmaLinux', '8.10', 'ALMA_LINUX', 'AlmaLinux 8'],
    ['macOS', '14.5', 'MACOS', 'macOS 14'],
    ['Bottlerocket', '1.19.2', '', 'Bottlerocket 1.19.2'],
    ['Bottlerocket', '', '', 'Bottlerocket'],
  ]
  for (const [name, version, operatingSystem, release] of cases) {
    it(`is told by name and version: ${name} ${version}`, () => {
      expect(supportOf(name, version)).toMatchObject({ operatingSystem, release })
    })
  }
})

describe('until when it gets fixes', () => {
  const of = (name: string, version: string, details = '') => {
    const config = { PlatformName: name, PlatformVersion: version }
    return said([node('i-1', config), instance('i-1', { PlatformDetails: details })])
  }
  it('is its maker’s word, and where it stands', () => {
    expect(of('Amazon Linux', '2')).toMatchObject({
      supportEnds: '2026-06-30T23:59:59Z',
      supportSource: 'https://aws.amazon.com/amazon-linux-2/faqs/',
    })
    expect(of('Ubuntu', '22.04')).toMatchObject({ supportEnds: '2027-04-01T23:59:59Z' })
    const free = of('Amazon Linux', '2')
    expect(free).not.toHaveProperty('extendedUntil')
    expect(free).not.toHaveProperty('extension')
  })
  it('may go on for those who pay, which shows nowhere', () => {
    expect(of('Microsoft Windows Server 2012 R2 Standard', '6.3')).toMatchObject({
      supportEnds: '2023-10-10T23:59:59Z',
      extendedUntil: '2026-10-13T23:59:59Z',
      extension: 'Extended Security Updates',
    })
  })
  it('goes on where Ubuntu Pro is a part of the bill', () => {
    const pro = of('Ubuntu', '20.04', 'Ubuntu Pro')
    expect(pro).toMatchObject({ supportEnds: '2030-04-02T23:59:59Z' })
    expect(pro).not.toHaveProperty('extendedUntil')
    // Releases between two with long support are never extended.
    expect(of('Ubuntu', '23.04', 'Ubuntu Pro')).toMatchObject({ supportEnds: '2024-01-20T23:59:59Z' })
    expect(of('Ubuntu', '20.04', 'Linux/UNIX')).toMatchObject({ supportEnds: '2025-05-31T23:59:59Z' })
  })
  it('is not known of what no maker dates, or what is not in the table', () => {
    for (const [name, version] of [
      ['macOS', '14.5'],
      ['Bottlerocket', '1.19.2'],
      ['Ubuntu', '99.04'],
    ] as const)
      expect(of(name, version).why['supportEnds']).toEqual([
        expect.stringMatching(/^until when .+ gets fixes is not known here$/),
      ])
  })
})
