/**
 * Live events for sockets and streams, from every node, on any node. {@link
 * io.carillon.events.EventWriter} stands around the participants of the store and writes what
 * happens into the table {@code event}, in the transactions in which it happens, but only while a
 * row of {@code listener} says that somebody in the cluster listens ({@link
 * io.carillon.events.Attention}). {@link io.carillon.events.LiveEvents} reads the table on one
 * thread per node while it has readers ({@link io.carillon.events.Tail}; ids that are committed
 * late are remembered in {@link io.carillon.events.Holes}), and passes what it finds to them
 * through bounded queues ({@link io.carillon.events.Reader}). How readers are reached is not known
 * here: the API implements {@link io.carillon.events.Outlet}. Start reading at {@link
 * io.carillon.events.LiveEvents}.
 */
@NullMarked
package io.carillon.events;

import org.jspecify.annotations.NullMarked;
