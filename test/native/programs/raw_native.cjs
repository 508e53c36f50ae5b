// The addon alone, with nothing loaded that passes lists through memory: a number is then no list.
const { native } = require('../../../dist/torch/inside.js');

const ones = native.op('aten::ones')([3]);
const sum = native.op('aten::sum.dim_IntList');
const results = [-1, -3, -511].map((dim) => {
  try {
    return native.item(sum(ones, dim));
  } catch {
    return 'Error';
  }
});
console.log(JSON.stringify(results));
