irdl.dialect @demo {
  irdl.operation @op {
  }
}
