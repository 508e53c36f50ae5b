/** `torch.nn.modules.container`. */
export { Container } from './container';
export { ModuleDict, type NamedModules } from './module_dict';
export { ModuleList } from './module_list';
export { type NamedParameters, ParameterDict } from './parameter_dict';
export { ParameterList } from './parameter_list';
export { type Layer, Sequential } from './sequential';
