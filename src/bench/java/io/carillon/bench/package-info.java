/**
 * The benchmark: stock Quartz and Carillon measured one after the other, in the same run, on the
 * same database server. {@code Bench} reads the command line and runs one {@code Mode}; a mode
 * starts nodes as processes of their own, gives them work, waits until it is done, and reads from
 * the database and from the operating system what it took. Every loop is bounded, every job is
 * accounted for, and a check that fails makes the run fail. The classes are compiled with the
 * tests, and are no part of the product.
 */
@NullMarked
package io.carillon.bench;

import org.jspecify.annotations.NullMarked;
