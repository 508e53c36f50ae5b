/** `torch.amp`: automatic mixed precision. */
export { autocast, type AutocastOptions, is_autocast_available } from './autocast';
export { GradScaler, type GradScalerOptions, type GradScalerState } from './grad_scaler';
