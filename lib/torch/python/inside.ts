/** What other rooms need of this one, and users do not see. */
export { toDouble } from './real';
