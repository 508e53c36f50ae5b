// Texts in tables of the committed results.

/** A text as a cell: in one line, and not too long. @param {unknown} text */
export const cell = (text) =>
  String(text ?? '')
    .replace(/\|/g, '\\|')
    .replace(/\s*\n\s*/g, ' ⏎ ')
    .slice(0, 400);
