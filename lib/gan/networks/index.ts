/** Networks of GANs, parameters and state dicts as their originals': `isotorch/gan/networks`. */
export * from './bicyclegan';
export * from './dcgan';
export * from './normal_init';
export * from './simple';
export * from './stylegan';
export * from './stylegan2';
export * from './stylegan2_ada';
export * from './zi2zi';
