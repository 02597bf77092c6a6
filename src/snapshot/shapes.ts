/** The shapes of AWS's answers, as generated from the SDK's own schemas. */

export type Shape =
  | 'string'
  | 'int'
  | 'double'
  | 'bool'
  | 'timestamp'
  | 'bytes'
  | 'any'
  | readonly ['list', Shape]
  | readonly ['map', Shape]
  | readonly ['struct', string]

export interface TypeOperation {
  /** IAM style: `kms:GetKeyPolicy`. */
  operation: string
  permission: string
  /** It finds the resources of the type. */
  lists?: boolean
  /** It answers this field. */
  into?: string
}

export interface TypeShape {
  fields: Record<string, Shape>
  /** Dotted paths that AWS always answers. */
  always: string[]
  /** Dotted paths (`[]` for a list's items) and what their absence stands for. */
  absent: Record<string, null | boolean | number | string>
  operations: TypeOperation[]
}

export interface OperationShape {
  output: Shape
}

export interface Shapes {
  types: Record<string, TypeShape>
  structs: Record<string, Record<string, Shape>>
  /** By the CLI's service name and the API's name: `ec2:DescribeVpcs`. */
  operations: Record<string, OperationShape>
}
