"""The labels that the models know, in the models' order, and their matches between models."""

COCO = tuple(
    """
person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant,
stop sign, parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe,
backpack, umbrella, handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, kite,
baseball bat, baseball glove, skateboard, surfboard, tennis racket, bottle, wine glass, cup, fork,
knife, spoon, bowl, banana, apple, sandwich, orange, broccoli, carrot, hot dog, pizza, donut, cake,
chair, couch, potted plant, bed, dining table, toilet, tv, laptop, mouse, remote, keyboard,
cell phone, microwave, oven, toaster, sink, refrigerator, book, clock, vase, scissors, teddy bear,
hair drier, toothbrush
""".replace("\n", " ")
    .strip()
    .split(", ")
)

# Names for what COCO has no name for: a fox looks like a dog to a network that knows no foxes.
ANIMAL, SIGN = "animal", "sign"
COCO_ANIMALS = frozenset(COCO[COCO.index("bird") : COCO.index("giraffe") + 1])
STOP_SIGN = "stop sign"
PERSON = "person"
CARRIED = frozenset(
    """
backpack, umbrella, handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, baseball bat,
baseball glove, skateboard, surfboard, tennis racket, bottle, cup, cell phone, book, teddy bear
""".replace("\n", " ")
    .strip()
    .split(", ")
)
"""What a person holds, wears or stands on: it goes with the person."""
LABELS = (*COCO, ANIMAL, SIGN)
"""What the local detector may find."""


def find_parents(label: str) -> tuple[str, ...]:
    """Return the broader labels of one of `LABELS`."""
    if label in COCO_ANIMALS:
        return (ANIMAL,)
    return (SIGN,) if label == STOP_SIGN else ()


VOC = tuple(
    """
background, aeroplane, bicycle, bird, boat, bottle, bus, car, cat, chair, cow, diningtable, dog,
horse, motorbike, person, pottedplant, sheep, sofa, train, tvmonitor
""".replace("\n", " ")
    .strip()
    .split(", ")
)

ANIMALS = frozenset({"bird", "cat", "cow", "dog", "horse", "sheep"})
LIVING = ANIMALS | {"person"}
ROAD_VEHICLES = frozenset({"bus", "car", "train"})

# Detectors' labels -> the VOC classes that such an object may look like. Networks confuse animals,
# and cars with buses, within one object: all these classes together cover it.
_VOC_OF = {
    frozenset({"person"}): """
        person, human, people, man, woman, boy, girl, child, kid, teen, baby, male, female, adult,
        pedestrian, bride, bridegroom, groom, athlete, runner, walker, hiker, rider""",
    ANIMALS: """
        animal, mammal, pet, wildlife, bird, cat, kitten, cow, cattle, bull, calf, dog, puppy,
        canine, feline, horse, pony, foal, sheep, lamb, goat, elephant, bear, zebra,
        giraffe, fox, wolf, coyote, deer, elk, antelope, otter, lion, tiger, leopard, monkey,
        rabbit, squirrel, camel, llama, donkey, pig, kangaroo, duck, goose, swan, chicken, hen,
        rooster, eagle, owl, parrot, pigeon, seagull, penguin, flamingo, heron, osprey, bulldog,
        french bulldog, poodle, labrador retriever, golden retriever, husky, hound, terrier""",
    ROAD_VEHICLES: """
        car, automobile, sedan, coupe, suv, sports car, taxi, cab, police car, limo, convertible,
        bus, school bus, minibus, tour bus, van, caravan, moving van, truck, pickup truck,
        trailer truck, fire truck, ambulance, train, locomotive, tram, streetcar""",
    frozenset({"aeroplane"}): "airplane, aeroplane, aircraft, airliner, jet",
    frozenset({"bicycle", "motorbike"}): """
        bicycle, bike, mountain bike, motorcycle, motorbike, moped, motor scooter, scooter""",
    frozenset({"boat"}): """
        boat, ship, sailboat, rowboat, yacht, canoe, kayak, ferry, watercraft, vessel""",
    frozenset({"bottle"}): "bottle, beer bottle, wine bottle, water bottle, pop bottle",
    frozenset({"chair", "sofa"}): "chair, armchair, couch, sofa",
    frozenset({"diningtable"}): "dining table",
    frozenset({"pottedplant"}): "potted plant, houseplant",
    frozenset({"tvmonitor"}): "tv, television, monitor, screen, computer monitor",
}
_CLASSES = {
    label.strip(): classes for classes, labels in _VOC_OF.items() for label in labels.split(",")
}


def find_voc_classes(label: str) -> frozenset[str]:
    """Return the classes of `VOC` that an object with a detector's `label` may show; maybe none."""
    return _CLASSES.get(label.lower(), frozenset())
