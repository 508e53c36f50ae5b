/** `isotorch/python`: Python's plain numbers, bit for bit: `math`, `round`, `format`, `**`, `//`, `%`. */
export * from '../torch/python';
