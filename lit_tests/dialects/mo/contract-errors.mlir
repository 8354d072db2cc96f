// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// The equation has a term for each input, and equal extents under one letter.

mo.graph @test(%x: !mo.tensor<[3, n], f32>, %y: !mo.tensor<[4, 5], f32>) {
  // expected-error @+1 {{'mo.contract' op expected the dimensions with the letter j to be equal or 1, found n and 4 in [3, n], [4, 5]}}
  %0 = mo.contract %x, %y equation = "ij,jk->ik" : !mo.tensor<[3, n], f32>, !mo.tensor<[4, 5], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, n], f32>) {
  // expected-error @+1 {{'mo.contract' op expected the dimensions of input 0 with the letter i to be equal, found 3 and n in [3, n]}}
  %0 = mo.contract %x equation = "ii" : !mo.tensor<[3, n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3], f32>, %y: !mo.tensor<[3, 3], f32>) {
  // expected-error @+1 {{'mo.contract' op expected the dimensions 2 before the ellipsis' end to be equal or 1, found 2 and 3 in [2, 3], [3, 3]}}
  %0 = mo.contract %x, %y equation = "...,..." : !mo.tensor<[2, 3], f32>, !mo.tensor<[3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.contract' op expected an equation of 1 terms, one for each input; found 2 in 'ij,jk'}}
  %0 = mo.contract %x equation = "ij,jk" : !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.contract' op expected as many letters as input 0 has dimensions, 2; found 'ijk' in 'ijk'}}
  %0 = mo.contract %x equation = "ijk" : !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.contract' op expected the letters of the result among those of the inputs, found k in 'ij->k'}}
  %0 = mo.contract %x equation = "ij->k" : !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.contract' op expected each letter once in the result, found j twice in 'ij->jj'}}
  %0 = mo.contract %x equation = "ij->jj" : !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.contract' op expected an ellipsis in the result, as 1 dimensions of the inputs lie under one; found '...j->j'}}
  %0 = mo.contract %x equation = "...j->j" : !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.contract' op expected an equation of letters, commas, '...' and '->', such as 'ij,jk->ik'; found '1' in 'i1->i'}}
  %0 = mo.contract %x equation = "i1->i" : !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3], i1>) {
  // expected-error @+1 {{'mo.contract' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.contract %x equation = "ij->i" : !mo.tensor<[2, 3], i1>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3], f32>, %y: !mo.tensor<[3], f16>) {
  // expected-error @+1 {{'mo.contract' op expected input 0 and input 1 of equal dtype, found f32 and f16; mo.cast changes a dtype}}
  %0 = mo.contract %x, %y equation = "ij,j->i" : !mo.tensor<[2, 3], f32>, !mo.tensor<[3], f16>
  mo.output
}

// -----

mo.graph @test() {
  // expected-error @+1 {{'mo.contract' op expected one input or more, found none}}
  %0 = "mo.contract"() {equation = "->"} : () -> !mo.tensor<[], f32>
  mo.output
}
