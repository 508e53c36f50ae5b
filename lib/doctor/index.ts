/** What `isotorch doctor` does: looks at everything that has to be right, and says what mends the rest. Loads no libtorch itself. */
export { examine, type Report } from './report';
export { reportText } from './text';
