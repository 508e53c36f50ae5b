/** Python's error classes that have another name here. What is not listed is called the same. */
const CLASSES = new Map([
  ['RuntimeError', 'TorchError'],
  ['IndexError', 'RangeError'],
  ['OverflowError', 'RangeError'],
  ['ZeroDivisionError', 'RangeError'],
  ['_LinAlgError', 'LinAlgError'],
  // There is no class for it here.
  ['AttributeError', 'TypeError'],
]);

/** The class that stands here for one of Python's. @param {string} python */
export const className = (python) => CLASSES.get(python) ?? python;
