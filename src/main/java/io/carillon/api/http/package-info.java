/**
 * The words that every call is written in: a {@link io.carillon.api.http.Route} leads a request to
 * a {@link io.carillon.api.http.Call}, which reads an {@link io.carillon.api.http.Exchange} and
 * gives a {@link io.carillon.api.http.Reply} or throws a {@link
 * io.carillon.api.http.ProblemException}. Nothing here knows Javalin, so calls are plain functions,
 * and an answer can be kept and given again.
 */
@NullMarked
package io.carillon.api.http;

import org.jspecify.annotations.NullMarked;
