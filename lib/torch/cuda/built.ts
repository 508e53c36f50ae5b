/** What is asked before CUDA is needed itself. */
import { native, TorchError } from '../native';

/** Throws what Python says of a class, or function, that stands for CUDA's where libtorch was built without it. */
export function requireBuilt(name: string): void {
  if (!native.get_backend_flag('has.cuda')) throw new TorchError(`Tried to instantiate dummy base class ${name}`);
}
