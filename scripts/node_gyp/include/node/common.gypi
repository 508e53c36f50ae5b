# node-gyp reads this file from a folder of Node headers. isotorch's target compiles nothing through gyp (see binding.gyp),
# so there is nothing to set beyond the two configurations that node-gyp selects from.
{
  "target_defaults": {
    "default_configuration": "Release",
    "configurations": {
      "Debug": {},
      "Release": {}
    }
  }
}
