/** What snippets may use by name besides torch's own: test/python/probes.py. */
export const offer = { folder: 'test/python', modules: ['probes'] };
