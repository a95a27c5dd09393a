/**
 * The server as a whole: {@code Main} turns the command line into a {@code Server}, and {@code
 * Server} builds every part by plain constructors, starts them in order and stops them in reverse.
 * What a package below may know of another is in the architecture document and held by a test.
 */
@NullMarked
package io.carillon;

import org.jspecify.annotations.NullMarked;
