/** Names of Python's torch about its start-up and threads. */

/** Whether libtorch's libraries are loaded for the whole process: they are, as operator libraries need them. */
export const USE_GLOBAL_DEPS = true;

/** Whether the module itself is: never, as its symbols are its own. */
export const USE_RTLD_GLOBAL_WITH_LIBTORCH = false;

/** Operators that Python's torch hides from its namespace. */
export const PRIVATE_OPS = ['unique_dim'] as const;
