/** `torch.utils.data._utils.worker`. */
export { _generate_state, get_worker_info, type WorkerInfo } from './worker';
