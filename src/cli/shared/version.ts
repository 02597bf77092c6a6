declare const AWS_SECAUDIT_VERSION: string | undefined

/** Put in by the build; the sources themselves run as `0.0.0-dev`. */
export const version: string = typeof AWS_SECAUDIT_VERSION === 'string' ? AWS_SECAUDIT_VERSION : '0.0.0-dev'

/** Whether this is the bundle, not the sources. */
export const isBuilt: boolean = typeof AWS_SECAUDIT_VERSION === 'string'

export const TOOL = { name: 'aws-secaudit', version } as const
