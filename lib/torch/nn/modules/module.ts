/** `torch.nn.modules.module`. */
export * from '../module/global_hooks';
export { Module } from '../module/module';
export {
  register_module_buffer_registration_hook,
  register_module_module_registration_hook,
  register_module_parameter_registration_hook,
} from '../module/registration_hooks';
