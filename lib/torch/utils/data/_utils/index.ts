/** `torch.utils.data._utils`: what programs use of it. */
export * as collate from './collate';
export * as worker from './worker_names';
