/** Old names of the initialisers, without the underscore. */
import { warn } from '../../core';
import { constant_, dirac_, eye_, normal_, sparse_, uniform_ } from './basic';
import { kaiming_normal_, kaiming_uniform_, orthogonal_, xavier_normal_, xavier_uniform_ } from './fans';

type Initialiser = (...args: never[]) => unknown;

/** The same as an initialiser, which it names. */
function deprecated<F extends Initialiser>(name: string, initialiser: F): F {
  const made = (...args: never[]): unknown => {
    warn(`\`nn.init.${name}\` is now deprecated in favor of \`nn.init.${name}_\`.`, 'FutureWarning');
    return initialiser(...args);
  };
  Object.defineProperty(made, 'name', { value: name });
  return made as F;
}

/** The same as `uniform_`. @deprecated as in Python */
export const uniform = deprecated('uniform', uniform_);
/** The same as `normal_`. @deprecated as in Python */
export const normal = deprecated('normal', normal_);
/** The same as `constant_`. @deprecated as in Python */
export const constant = deprecated('constant', constant_);
/** The same as `eye_`. @deprecated as in Python */
export const eye = deprecated('eye', eye_);
/** The same as `dirac_`. @deprecated as in Python */
export const dirac = deprecated('dirac', dirac_);
/** The same as `xavier_uniform_`. @deprecated as in Python */
export const xavier_uniform = deprecated('xavier_uniform', xavier_uniform_);
/** The same as `xavier_normal_`. @deprecated as in Python */
export const xavier_normal = deprecated('xavier_normal', xavier_normal_);
/** The same as `kaiming_uniform_`. @deprecated as in Python */
export const kaiming_uniform = deprecated('kaiming_uniform', kaiming_uniform_);
/** The same as `kaiming_normal_`. @deprecated as in Python */
export const kaiming_normal = deprecated('kaiming_normal', kaiming_normal_);
/** The same as `orthogonal_`. @deprecated as in Python */
export const orthogonal = deprecated('orthogonal', orthogonal_);
/** The same as `sparse_`. @deprecated as in Python */
export const sparse = deprecated('sparse', sparse_);
