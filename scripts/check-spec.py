#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# Compares docs/netlink/vnicx.yaml with the headers in include/uapi/linux, and, if
# python3-jsonschema is there, with the schema of such files in the kernel's source.
#
#   check-spec.py SPEC HEADER... [--schema FILE]
import re
import sys

import yaml


def enumerators(text):
    """Yield the names and values of the enumerators in a header."""
    text = re.sub(r'/\*.*?\*/', '', text, flags=re.S)
    for body in re.findall(r'enum\s*\w*\s*\{(.*?)\}', text, flags=re.S):
        value = -1
        for item in filter(None, (part.strip() for part in body.split(','))):
            name, _, given = (part.strip() for part in item.partition('='))
            value = int(given, 0) if given.isdigit() else value + 1
            yield name, value


def constant(*words):
    return ''.join(words).upper().replace('-', '_')


def described(spec):
    """Yield the names and values that a header must have for a description."""
    for one in spec['definitions']:
        for number, entry in enumerate(one['entries']):
            value = 1 << number if one['type'] == 'flags' else number
            yield constant('vnicx-', one['name'], '-', entry['name']), value
    for one in spec['attribute-sets']:
        prefix = one.get('name-prefix', f"vnicx-a-{one['name']}-")
        for number, attribute in enumerate(one['attributes'], 1):
            yield constant(prefix, attribute['name']), number
    for number, operation in enumerate(spec['operations']['list'], 1):
        yield constant('vnicx-cmd-', operation['name']), number


def ours(name):
    """Tell whether the description must have an enumerator of the headers."""
    return re.match('(VNICX_(A|CMD|PORT_TYPE|PORT_FLAG|CLASS|DECISION|REASON|UNASKED)|IFLA_VNICX)_', name) and \
        not name.endswith(('_MAX', '_UNSPEC'))


def compare(spec, headers):
    wanted = dict(described(spec))
    there = {}
    for path in headers:
        with open(path, encoding='utf-8') as file:
            there.update(enumerators(file.read()))
    for name, value in wanted.items():
        if there.get(name) != value:
            yield f'{name} is {value} in the description, {there.get(name)} in the headers'
    for name in there:
        if ours(name) and name not in wanted:
            yield f'{name} is not in the description'


def main():
    arguments = sys.argv[1:]
    schema = None
    if '--schema' in arguments:
        at = arguments.index('--schema')
        schema = arguments[at + 1]
        del arguments[at:at + 2]
    with open(arguments[0], encoding='utf-8') as file:
        spec = yaml.safe_load(file)
    if schema:
        import jsonschema
        with open(schema, encoding='utf-8') as file:
            jsonschema.validate(spec, yaml.safe_load(file))
    wrong = list(compare(spec, arguments[1:]))
    print('\n'.join(wrong), end='\n' if wrong else '')
    sys.exit(bool(wrong))


main()
