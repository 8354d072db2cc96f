// RUN: mo-opt --list-plugins | FileCheck %s --check-prefix=LIST
// RUN: mo-opt --list-plugins=json | FileCheck %s --check-prefix=JSON
// RUN: mo-opt --list-plugins --no-plugin=mograph | FileCheck %s --check-prefix=OFF
// RUN: mo-opt %s --load-plugin=%S/Inputs/broken.py 2>%t.warning | FileCheck %s
// RUN: FileCheck %s --check-prefix=WARNING --input-file=%t.warning
// RUN: not mo-opt %s --load-plugin=%S/Inputs/broken.py --strict-plugins 2>&1 | FileCheck %s --check-prefix=STRICT
// RUN: mo-opt %s --load-plugin=%S/Inputs/lazy.py --cse | FileCheck %s
// RUN: not mo-opt %s --load-plugin=%S/Inputs/lazy.py --lazy-pass 2>&1 | FileCheck %s --check-prefix=LAZY
// RUN: not mo-opt %s --load-plugin 2>&1 | FileCheck %s --check-prefix=VALUE
// RUN: not mo-opt --list-plugins=xml 2>&1 | FileCheck %s --check-prefix=FORM

// LIST: mograph
// JSON: "name": "mograph"
// OFF: mograph {{.*}}: switched off
// WARNING: mo-opt: warning: {{.*}}broken
// STRICT: mo-opt: error: {{.*}}broken
// LAZY: error: pass 'lazy-pass' cannot be loaded: {{.*}}no_such_module
// VALUE: mo-opt: error: --load-plugin: expected a value
// FORM: mo-opt: error: --list-plugins=xml: expected --list-plugins or --list-plugins=json
// CHECK: func.func @f
func.func @f() {
  return
}
