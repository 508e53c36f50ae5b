/** `torch.storage`. */
export { is_storage } from './classes';
export { TypedStorage } from './typed';
export { UntypedStorage } from './untyped';
