// Stands in for the addon: every operator notes its name and arguments and gives handles that mean nothing.
const calls = [];
const addon = {
  calls,
  op:
    (name) =>
    (...args) => {
      calls.push([name, ...args]);
      return [1, 2, 3, 4, 5, 6, 7, 8, 9];
    },
  connect() {},
  anchor: () => ({}),
  device: () => 'cpu',
  dead_callbacks: () => [],
  versions: () => ({ libtorch: '2.13.0', compiledFor: '2.13', napi: 9 }),
};
module.exports = new Proxy(addon, { get: (target, name) => target[name] ?? (() => 0) });
