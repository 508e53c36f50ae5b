/** `torch.linalg`: its operators, and the error they throw. */
export * from '../generated/linalg';
export { LinAlgError } from '../native';
