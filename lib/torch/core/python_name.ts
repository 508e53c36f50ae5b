/** What Python calls the types of objects that isotorch makes: their classes say it, and messages ask. */

/** Property of a class's prototype: the name of the type in Python, such as `torch.dtype`. */
export const pythonName = Symbol('name of the type in Python');
