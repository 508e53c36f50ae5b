// Two copies of isotorch in one thread, as when two packages bring one each, over the same addon.
function load() {
  for (const file of Object.keys(require.cache)) {
    if (file.includes('dist')) delete require.cache[file];
  }
  return require('../../../dist/index.js');
}

const copies = { first: load(), second: load() };
const called = [];
for (const [name, torch] of Object.entries(copies)) {
  const x = torch.ones([2], { requires_grad: true });
  x.register_hook(() => void called.push(name));
  copies[name].x = x;
}
/** Whose class the error of a failing call has. */
const errors = Object.values(copies).map((torch) => {
  try {
    return torch.ones([2]).view([3]);
  } catch (error) {
    return error;
  }
});
copies.first.ones([2]).mul(1);
for (const [, torch] of Object.entries(copies)) torch.x.mul(2).sum().backward();
// Each frees its own.
for (let i = 0; i < 1000; i++) for (const torch of Object.values(copies)) torch.ones([4]);
globalThis.gc();
const { first, second } = copies;
console.log(
  JSON.stringify({
    called,
    own: [errors[0] instanceof first.TorchError, errors[1] instanceof second.TorchError],
    foreign: [errors[0] instanceof second.TorchError, errors[1] instanceof first.TorchError],
  }),
);
