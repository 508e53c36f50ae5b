/** `torch.nn.parallel`: modules on several devices. */
export { DataParallel } from './data_parallel';
