/** Python's calling convention. */
export * from './arguments';
export { aten } from './aten';
export { bind, signature } from './bind';
export { cFunction, cMethods } from './c_methods';
export { defaultDevice, op } from './default_device';
export { defaultComplexDtype, get_default_dtype } from './default_dtype';
export { booleanDispatch } from './dispatch';
export type { Arguments } from './forms';
export { checkFunction } from './function_first';
export { handBound } from './hand_bound';
export { bindOpen } from './open_keywords';
export { readOptions, refuseKeywords } from './options';
export { Overloads } from './overloads';
export { definingClass, type KeywordsOf, pythonClass } from './python_class';
export { pythonMethods } from './python_methods';
export { type MethodArguments, pythonFunction, type PythonFunction } from './python_function';
export { bindBlock } from './with_block';
export { missing, surplus, unexpected } from './words/python';
