/** Checks of derivatives by finite differences. */
export { GradcheckError } from './error';
export { type CheckedFunction, type CheckedInputs, type GradcheckOptions, gradcheck } from './gradcheck';
export { type GradgradcheckOptions, gradgradcheck } from './gradgradcheck';
