/** DCGAN for images of any power of two, plain and conditional (Radford et al. 2016, https://arxiv.org/abs/1511.06434). */
export * from './conditional';
export * from './plain';
