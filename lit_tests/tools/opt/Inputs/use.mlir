"demo.op"() : () -> ()
