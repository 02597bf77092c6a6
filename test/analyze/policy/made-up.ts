/** A made-up policy of the brute force's as the engine takes it. */
import type { PolicyInput, Surroundings } from '../../../src/analyze/policy/input.ts'
import type { Json, JsonObject } from '../../../src/snapshot/model.ts'
import type { PolicyInput as Oracle } from './oracle/model.ts'

export function inputOf(made: Oracle): PolicyInput {
  const { bucket, grants, policy } = made
  return {
    id: made.arn,
    type: made.type,
    arn: made.arn,
    account: made.account,
    region: 'us-east-1',
    policies: policy ? [{ name: 'Policy', document: policy as unknown as Json }] : [],
    accessPoints: [],
    ...(grants ? { grants: grants as unknown as readonly Json[] } : {}),
    ...(bucket
      ? {
          bucket: {
            acl: { Owner: { ID: bucket.owner }, Grants: bucket.acl } as unknown as JsonObject,
            ownership: bucket.ownership,
            blocks: {
              bucket: bucket.blocks['bucket'] ?? null,
              account: bucket.blocks['account'] ?? null,
              organization: bucket.blocks['organization'] ?? null,
            },
            owner: bucket.owner,
          },
        }
      : {}),
  }
}

export function surroundingsOf({ world, account, now }: Oracle): Surroundings {
  const accounts = new Map<string, string | undefined>(world.orgAccounts.map((id) => [id, world.paths[id]]))
  return {
    organization: { id: world.orgId, management: account, accounts, complete: true, unread: [] },
    trustedAccounts: world.trustedAccounts,
    now,
    scps: [],
    rcps: [],
    canonicalIds: new Map(Object.entries(world.canonicalIds)),
  }
}
