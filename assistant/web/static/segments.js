// How many texts a message costs: GSM-7 160/153 characters, else UCS-2 70/67, as networks count.

const GSM = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("^{}\\[~]|€");

/** Fills parts of `size` with pieces of the given lengths; a piece never straddles two parts. */
function parts(lengths, size) {
  let count = 1;
  let used = 0;
  for (const length of lengths) {
    if (used + length > size) {
      count += 1;
      used = 0;
    }
    used += length;
  }
  return count;
}

/** The number of texts `text` is sent as. */
export function segments(text) {
  const characters = [...text];
  const plain = characters.every((one) => GSM.has(one) || EXTENDED.has(one));
  const lengths = characters.map((one) => (plain ? 1 + EXTENDED.has(one) : one.length));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const [single, joined] = plain ? [160, 153] : [70, 67];
  return total <= single ? 1 : parts(lengths, joined);
}
