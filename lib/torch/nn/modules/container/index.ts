/** `torch.nn.modules.container`. */
export { ModuleList } from './module_list';
export { type Layer, Sequential } from './sequential';
