// Layouts of the own record (docs/protocol.md): how many bytes, and which values a field can carry.

export interface ProfileField { channel: string; bits: number; decimals: number; step: number; offset: number }
export interface Profile { number: number; fields: ProfileField[] }

export const PROFILES_MAX = 32;
export const FIELDS_MAX = 32;
export const BITS_MIN = 2;
export const BITS_MAX = 32;
const HEAD_BYTES = 9; // version and profile, epoch, number, time
const CRC_BYTES = 2;
/** The two highest codes say "no value" and "does not fit". */
const RESERVED = 2;

export const frameBytes = (fields: readonly ProfileField[]): number =>
  HEAD_BYTES + Math.ceil(fields.reduce((sum, f) => sum + f.bits, 0) / 8) + CRC_BYTES;

/** The lowest and the highest value that fits, with the field's decimals. */
export function rangeOf(f: ProfileField): [string, string] {
  const at = (code: number): string => ((f.offset + code * f.step) / 10 ** f.decimals).toFixed(f.decimals);
  return [at(0), at(2 ** f.bits - 1 - RESERVED)];
}

/** The fewest bits that carry low to high in steps, and the offset for it; what an engineer would have to work out by hand. */
export function fieldFor(channel: string, low: number, high: number, decimals: number): ProfileField {
  const scale = 10 ** decimals;
  const offset = Math.floor(low * scale + 1e-9);
  const codes = Math.ceil(high * scale - 1e-9) - offset + 1 + RESERVED;
  return { channel, bits: Math.min(BITS_MAX, Math.max(BITS_MIN, Math.ceil(Math.log2(codes)))), decimals, step: 1, offset };
}

/** What a sensor may measure, not what the water may have: a record must also carry what lies beyond the limits. */
export function reachOf(c: { quantity: string; unit: string; high: number | null }): [number, number] {
  if (c.quantity === "ph") return [0, 14];
  if (c.unit === "c") return [-20, 60];
  return [0, Math.max(100, 10 * (c.high ?? 0))];
}

export const freeNumber = (profiles: readonly Profile[]): number =>
  [...Array(PROFILES_MAX).keys()].find((n) => !profiles.some((p) => p.number === n)) ?? 0;
