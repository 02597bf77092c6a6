/** Until when the makers of operating systems publish fixes for everybody, and until when for those who pay. */

interface Ends {
  /** The last day with fixes for everybody, `2026-06-30`. */
  readonly ends: string
  /** The last day with fixes for those with the extension. */
  readonly extended?: string
}

interface System {
  /** How Systems Manager calls it, `PlatformName`. */
  readonly name: RegExp
  /** As Patch Manager calls it; empty where it knows none such. */
  readonly operatingSystem: string | ((version: string) => string)
  /** The release that a name and version are of, as the table has it. */
  readonly release: (name: string, version: string) => string
  readonly title: string
  /** What gives fixes after the end. */
  readonly extension?: string
  readonly source: string
  readonly releases: Readonly<Record<string, Ends>>
}

const major = (_name: string, version: string): string => version.split('.')[0] ?? ''
const minor = (_name: string, version: string): string => version.split('.').slice(0, 2).join('.')

/** As of August 2026. A release that is not here is not known, and nothing is said of it. */
const SYSTEMS: readonly System[] = [
  {
    name: /^Amazon Linux( AMI)?$/,
    title: 'Amazon Linux',
    operatingSystem: (version) =>
      ({ '2': 'AMAZON_LINUX_2', '2022': 'AMAZON_LINUX_2022', '2023': 'AMAZON_LINUX_2023' })[
        version.split('.')[0] ?? ''
      ] ?? 'AMAZON_LINUX',
    release: (name, version) => (version.startsWith('201') ? 'AMI' : major(name, version)),
    source: 'https://aws.amazon.com/amazon-linux-2/faqs/',
    releases: {
      AMI: { ends: '2023-12-31' },
      '2': { ends: '2026-06-30' },
      '2023': { ends: '2029-06-30' },
    },
  },
  {
    name: /Windows Server/,
    title: 'Windows Server',
    operatingSystem: 'WINDOWS',
    release: (name) => /Windows Server (\d{4}( R2)?)/.exec(name)?.[1] ?? '',
    extension: 'Extended Security Updates',
    source: 'https://learn.microsoft.com/lifecycle/products/?terms=Windows%20Server',
    releases: {
      '2008': { ends: '2020-01-14', extended: '2023-01-10' },
      '2008 R2': { ends: '2020-01-14', extended: '2023-01-10' },
      '2012': { ends: '2023-10-10', extended: '2026-10-13' },
      '2012 R2': { ends: '2023-10-10', extended: '2026-10-13' },
      '2016': { ends: '2027-01-12', extended: '2030-01-12' },
      '2019': { ends: '2029-01-09' },
      '2022': { ends: '2031-10-14' },
      '2025': { ends: '2034-11-14' },
    },
  },
  {
    name: /^Ubuntu/,
    title: 'Ubuntu',
    operatingSystem: 'UBUNTU',
    release: minor,
    extension: 'Ubuntu Pro',
    source: 'https://wiki.ubuntu.com/Releases',
    releases: {
      '14.04': { ends: '2019-04-02', extended: '2024-04-02' },
      '16.04': { ends: '2021-04-02', extended: '2026-04-02' },
      '18.04': { ends: '2023-05-31', extended: '2028-04-01' },
      '20.04': { ends: '2025-05-31', extended: '2030-04-02' },
      '22.04': { ends: '2027-04-01', extended: '2032-04-09' },
      '23.04': { ends: '2024-01-20' },
      '23.10': { ends: '2024-07-12' },
      '24.04': { ends: '2029-05-31', extended: '2036-05-31' },
      '24.10': { ends: '2025-07-10' },
      '25.04': { ends: '2026-01-17' },
      '25.10': { ends: '2026-07-01' },
      '26.04': { ends: '2031-04-30', extended: '2036-04-30' },
    },
  },
  {
    name: /^Red Hat Enterprise Linux/,
    title: 'Red Hat Enterprise Linux',
    operatingSystem: 'REDHAT_ENTERPRISE_LINUX',
    release: major,
    extension: 'the Extended Life Cycle Support add-on',
    source: 'https://access.redhat.com/support/policy/updates/errata',
    releases: {
      '5': { ends: '2017-03-31', extended: '2020-11-30' },
      '6': { ends: '2020-11-30', extended: '2024-06-30' },
      '7': { ends: '2024-06-30', extended: '2029-05-31' },
      '8': { ends: '2029-05-31', extended: '2033-05-31' },
      '9': { ends: '2032-05-31', extended: '2036-05-31' },
      '10': { ends: '2035-05-31', extended: '2039-05-31' },
    },
  },
  {
    name: /^(SLES|SUSE Linux Enterprise Server)/,
    title: 'SUSE Linux Enterprise Server',
    operatingSystem: 'SUSE',
    release: minor,
    extension: 'Long Term Service Pack Support',
    source: 'https://www.suse.com/lifecycle',
    releases: {
      '11.4': { ends: '2019-03-31', extended: '2022-03-31' },
      '12.4': { ends: '2020-06-30', extended: '2023-06-30' },
      '12.5': { ends: '2024-10-31', extended: '2027-10-31' },
      '15.1': { ends: '2021-01-31', extended: '2024-01-31' },
      '15.2': { ends: '2021-12-31', extended: '2024-12-31' },
      '15.3': { ends: '2022-12-31', extended: '2025-12-31' },
      '15.4': { ends: '2023-12-31', extended: '2026-12-31' },
      '15.5': { ends: '2024-12-31', extended: '2027-12-31' },
      '15.6': { ends: '2025-12-31', extended: '2028-12-31' },
      '15.7': { ends: '2031-07-31', extended: '2034-07-31' },
      '16.0': { ends: '2027-11-30', extended: '2030-11-30' },
    },
  },
  {
    name: /^CentOS Stream/,
    title: 'CentOS Stream',
    operatingSystem: 'CENTOS',
    release: major,
    source: 'https://www.centos.org/cl-vs-cs/',
    releases: { '8': { ends: '2024-05-31' }, '9': { ends: '2027-05-31' }, '10': { ends: '2030-05-31' } },
  },
  {
    name: /^CentOS/,
    title: 'CentOS Linux',
    operatingSystem: 'CENTOS',
    release: major,
    source: 'https://wiki.centos.org/About(2f)Product.html',
    releases: { '6': { ends: '2020-11-30' }, '7': { ends: '2024-06-30' }, '8': { ends: '2021-12-31' } },
  },
  {
    // Long Term Support is free: fixes end with it.
    name: /^Debian/,
    title: 'Debian',
    operatingSystem: 'DEBIAN',
    release: major,
    source: 'https://wiki.debian.org/DebianReleases',
    releases: {
      '8': { ends: '2020-06-30' },
      '9': { ends: '2022-07-01' },
      '10': { ends: '2024-06-30' },
      '11': { ends: '2026-08-31' },
      '12': { ends: '2028-06-30' },
      '13': { ends: '2030-06-30' },
    },
  },
  {
    name: /^Oracle Linux/,
    title: 'Oracle Linux',
    operatingSystem: 'ORACLE_LINUX',
    release: major,
    extension: 'Extended Support',
    source: 'https://www.oracle.com/a/ocom/docs/elsp-lifetime-069338.pdf',
    releases: {
      '6': { ends: '2021-03-31', extended: '2024-12-31' },
      '7': { ends: '2024-12-31', extended: '2028-06-30' },
      '8': { ends: '2029-07-31', extended: '2032-07-31' },
      '9': { ends: '2032-06-30', extended: '2035-06-30' },
    },
  },
  {
    name: /^Rocky Linux/,
    title: 'Rocky Linux',
    operatingSystem: 'ROCKY_LINUX',
    release: major,
    source: 'https://wiki.rockylinux.org/rocky/version/',
    releases: { '8': { ends: '2029-05-31' }, '9': { ends: '2032-05-31' }, '10': { ends: '2035-05-31' } },
  },
  {
    name: /^AlmaLinux/,
    title: 'AlmaLinux',
    operatingSystem: 'ALMA_LINUX',
    release: major,
    source: 'https://wiki.almalinux.org/release-notes/',
    releases: { '8': { ends: '2029-05-31' }, '9': { ends: '2032-05-31' }, '10': { ends: '2035-05-31' } },
  },
  {
    name: /^Raspbian/,
    title: 'Raspbian',
    operatingSystem: 'RASPBIAN',
    release: major,
    source: 'https://www.raspberrypi.com/software/operating-systems/',
    releases: {},
  },
  {
    // Apple says of no version until when.
    name: /^(macOS|Mac OS X)/,
    title: 'macOS',
    operatingSystem: 'MACOS',
    release: major,
    source: 'https://support.apple.com/100100',
    releases: {},
  },
]

/** What a node runs, and until when it gets fixes. */
export interface Support {
  /** Patch Manager's name for it, `AMAZON_LINUX_2`; empty where it can't patch such a system. */
  readonly operatingSystem: string
  /** `Amazon Linux 2`. */
  readonly release: string
  /** The last day with fixes for everybody; undefined where the table does not know. */
  readonly ends?: string
  readonly extended?: string
  readonly extension?: string
  /** Where its maker says so. */
  readonly source?: string
}

/** @param name, version as DescribeInstanceInformation answers `PlatformName` and `PlatformVersion` */
export function supportOf(name: string, version: string): Support {
  const system = SYSTEMS.find((one) => one.name.test(name))
  if (system === undefined) return { operatingSystem: '', release: `${name} ${version}`.trim() }
  const { operatingSystem: of, releases, title, extension } = system
  const operatingSystem = typeof of === 'string' ? of : of(version)
  const release = system.release(name, version)
  const known = Object.hasOwn(releases, release) ? releases[release] : undefined
  return {
    operatingSystem,
    release: `${title} ${release}`.trim(),
    ...(known ? { ends: known.ends, source: system.source } : {}),
    ...(known?.extended === undefined ? {} : { extended: known.extended }),
    ...(extension === undefined ? {} : { extension }),
  }
}
