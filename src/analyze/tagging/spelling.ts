/** When two spellings mean one thing. */

/**
 * What a tag's key or value means when its case, its separators and its number are left aside: `cost_centers` and
 * `Cost-Center` are one; `CostCentre` is another, which only a synonym joins to them.
 */
export function meaningOf(text: string): string {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-.:/]/g, '')
  if (plain.length > 3 && plain.endsWith('ies')) return `${plain.slice(0, -3)}y`
  return plain.length > 3 && plain.endsWith('s') && !plain.endsWith('ss') ? plain.slice(0, -1) : plain
}

/** Keys that AWS itself writes. */
export const isSystemKey = (key: string): boolean => key.toLowerCase().startsWith('aws:')
