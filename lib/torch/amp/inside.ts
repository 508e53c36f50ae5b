/** What other rooms need of this one, and users have as names of torch. */
export { get_autocast_dtype, is_autocast_cache_enabled, is_autocast_enabled } from './switches';
