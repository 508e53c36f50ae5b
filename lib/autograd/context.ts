/** Callback forms of context managers; they live in the tensor layer, which has some too. */
export { checkBody, refuseAsync, within } from '../tensor/context';
