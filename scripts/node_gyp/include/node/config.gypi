# Read by node-gyp next to common.gypi; the settings of Node's own build are not needed.
{ "target_defaults": {}, "variables": {} }
