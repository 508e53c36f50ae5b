/**
 * A value without parts, and without tensors: what python/codec.py sends, and what a test compares.
 * @typedef {{ kind: 'tensor', dtype: string, shape: number[], bytes: Uint8Array }
 *   | { kind: 'number', value: number }
 *   | { kind: 'int', value: string }
 *   | { kind: 'bool', value: boolean }
 *   | { kind: 'string', value: string }
 *   | { kind: 'none' }} Leaf
 */

/** Leaves by their path, such as `grads.weight` or `losses.3`. @typedef {Map<string, Leaf>} Leaves */

/**
 * Flattens what python/codec.py encoded.
 * @param {any} node
 * @param {string} [path] of the value in a larger one
 * @param {Leaves} [leaves] of the larger one
 * @returns {Leaves}
 */
export function decode(node, path = '', leaves = new Map()) {
  const under = (/** @type {string | number} */ key) => (path === '' ? String(key) : `${path}.${key}`);
  switch (node.kind) {
    case 'tensor': {
      const bytes = new Uint8Array(Buffer.from(node.data, 'base64'));
      leaves.set(path, { kind: 'tensor', dtype: node.dtype, shape: node.shape, bytes });
      break;
    }
    case 'number':
      leaves.set(path, { kind: 'number', value: Buffer.from(node.bits, 'hex').readDoubleLE() });
      break;
    case 'list':
      for (const [index, item] of node.items.entries()) decode(item, under(index), leaves);
      break;
    case 'dict':
      for (const [key, item] of node.items) decode(item, under(key), leaves);
      break;
    case 'none':
      leaves.set(path, { kind: 'none' });
      break;
    default:
      leaves.set(path, { kind: node.kind, value: node.value });
  }
  return leaves;
}
