/** Weights of convolutions in another memory format. */
import { pythonFunction } from '../../call';
import type { MemoryFormat } from '../../core';
import type { Module } from '../module/module';
import * as convolutions from '../modules/conv';
import type { Parameter } from '../parameter';

/** Converts the weights of modules of some classes, in place, with those below. */
function converting(name: string, classes: () => readonly unknown[]) {
  const convert = <M extends Module>(module: M, memory_format: MemoryFormat): M => {
    if (classes().some((each) => typeof each === 'function' && module instanceof each)) {
      const { weight } = module as unknown as { weight: Parameter };
      const data = weight.detach().clone({ memory_format });
      weight.data = data.resize_(data.shape, { memory_format });
    }
    for (const child of module.children()) convert(child, memory_format);
    return module;
  };
  return pythonFunction(
    name,
    ['module', 'memory_format'],
    (module: Module, memory_format: MemoryFormat): Module => convert(module, memory_format),
  );
}

/**
 * Gives the weights of all Conv2d and ConvTranspose2d of a module a memory format; the module itself is returned.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.convert_conv2d_weight_memory_format.html
 */
export const convert_conv2d_weight_memory_format = converting('convert_conv2d_weight_memory_format', () => [
  convolutions.Conv2d,
  convolutions.ConvTranspose2d,
]);

/**
 * The same for Conv3d and ConvTranspose3d.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.convert_conv3d_weight_memory_format.html
 */
export const convert_conv3d_weight_memory_format = converting('convert_conv3d_weight_memory_format', () => {
  const { Conv3d, ConvTranspose3d } = convolutions as unknown as Readonly<Record<string, unknown>>;
  return [Conv3d, ConvTranspose3d];
});
