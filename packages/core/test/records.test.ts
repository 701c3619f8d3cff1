import { describe, expect, test } from '@jest/globals'
import { LIST_KEYS, recordsOf } from '../src/index.ts'

const A = { id: 1, name: 'a' }
const B = { id: 2, name: 'b' }

const found = (document: unknown): unknown => recordsOf(document).map(({ record, pointer }) => [pointer, record])

describe('every envelope', () => {
  test.each([
    ['a bare record', A, [['', A]]],
    ['a bare list', [A, B], [['/0', A], ['/1', B]]],
    ['a page', { images: [A, B], meta: { pagination: {} } }, [['/images/0', A], ['/images/1', B]]],
    ['an empty page', { images: [], first: '/v2/images' }, []],
    ['one image', { image: A }, [['/image', A]]],
    ['an image and what makes it', { image: A, action: { id: 3, command: 'create_image' } }, [['/image', A]]],
    ['a server with its image', { server: { id: 9, server_type: {}, image: A } }, [['/server/image', A]]],
    ['a new server', { server: { id: 9, server_type: {}, image: A }, action: {}, root_password: null }, [['/server/image', A]]],
    ['servers with their images', { servers: [{ id: 8, server_type: {}, image: A }, { id: 9, server_type: {}, image: B }] }, [['/servers/0/image', A], ['/servers/1/image', B]]],
    ['a server whose image is gone', { servers: [{ id: 8, server_type: {}, image: null }, { id: 9, server_type: {}, image: B }] }, [['/servers/1/image', B]]],
    ['a bare server', { id: 9, server_type: {}, image: A }, [['/image', A]]],
    ['images and servers, in the order of the document', { servers: [{ id: 9, server_type: {}, image: A }], images: [B], volumes: [] }, [['/servers/0/image', A], ['/images/0', B]]],
    ['pages in a list', [{ images: [A] }, { images: [B] }], [['/0/images/0', A], ['/1/images/0', B]]],
    ['lists in a list', [[A], [[B]]], [['/0/0', A], ['/1/0/0', B]]],
    ['what is no record', [null, 'text', 5], [['/0', null], ['/1', 'text'], ['/2', 5]]],
    ['an element that is no record, in a page', { images: [A, null] }, [['/images/0', A], ['/images/1', null]]],
  ])('%s', (_, document, expected) => expect(found(document)).toEqual(expected))

  test.each([null, true, 5, 'text', {}])('%j is one record, whoever reads it', (document) => expect(found(document)).toEqual([['', document]]))
  test('an empty list holds none', () => expect(found([])).toEqual([]))
})

describe('a record whose field is called like an envelope is a record all the same', () => {
  const nova = { id: 'x', status: 'ACTIVE', server: { id: 's', links: [] } }

  test.each([
    ['Nova’s image of a server', { images: [nova] }, [['/images/0', nova]]],
    ['a record with an image of its own', { id: 'x', image: { id: 'y' } }, [['', { id: 'x', image: { id: 'y' } }]]],
    ['a property called image', { id: 'x', image: 'text' }, [['', { id: 'x', image: 'text' }]]],
    ['a property called images', { id: 'x', images: 'text' }, [['', { id: 'x', images: 'text' }]]],
    ['no list where a list should be', { images: { id: 1 } }, [['', { images: { id: 1 } }]]],
    ['no record where a record should be', { image: [A] }, [['', { image: [A] }]]],
    ['an image that is null', { image: null }, [['', { image: null }]]],
  ])('%s', (_, document, expected) => expect(found(document)).toEqual(expected))

  test('inherited keys are no envelope', () => {
    const document = Object.create({ images: [A] }) as object
    expect(found(document)).toEqual([['', document]])
  })
})

test('the keys of lists are those that a stream hands out one by one', () => expect([...LIST_KEYS]).toEqual(['images', 'servers']))
