/**
 * The HTTP side: the only package that knows Javalin. {@link io.carillon.api.HttpServer} listens;
 * {@code Gate} decides whether a request may go on; {@code Dispatcher} reads it, hands it to the
 * call of its route and writes the answer; {@code Problems} gives every exception its one problem.
 * The canonical calls are here, those of the source documents in {@code api.adapter}; both are
 * written in the words of {@code api.http} and speak to the rest of the server through the ports in
 * {@link io.carillon.api.ApiPorts}.
 */
@NullMarked
package io.carillon.api;

import org.jspecify.annotations.NullMarked;
