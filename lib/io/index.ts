/** Files: safetensors, and pictures as PNG. */
export * from 'isotorch/serialization';
export * from './png';
